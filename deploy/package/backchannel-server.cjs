#!/usr/bin/env node
'use strict'
// Every Node can read this file; the rest wants a newer one.
var wanted = [22, 13]
var version = process.versions.node.split('.').map(Number)
if (version[0] < wanted[0] || (version[0] === wanted[0] && version[1] < wanted[1])) {
  process.stderr.write(
    'backchannel-server: Node ' +
      process.versions.node +
      ' is too old; install Node ' +
      wanted.join('.') +
      ' or newer.\n',
  )
  process.exit(1)
}
import('../dist/main.js')
