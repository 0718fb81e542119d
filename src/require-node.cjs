'use strict'
// Loaded before anything else, and in a form that every Node can read. Node 22.18 is the first that runs TypeScript as it is; from
// 22.13 on it has node:sqlite. One number holds for the sources and for the compiled package.
var wanted = [22, 18]
var version = process.versions.node.split('.').map(Number)
if (version[0] < wanted[0] || (version[0] === wanted[0] && version[1] < wanted[1])) {
  process.stderr.write(
    `Backchannel: Node ${process.versions.node} is too old; install Node ${wanted.join('.')} or newer.\n`,
  )
  process.exit(1)
}
