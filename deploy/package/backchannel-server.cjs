#!/usr/bin/env node
'use strict'
require('./require-node.cjs')
import('../dist/main.js')
