#!/usr/bin/env node
/*
 * The command line of a clone: it starts the sources, where the published package starts
 * `dist/cli/bin.js`. It is JavaScript, so that a Node that cannot load TypeScript reports the
 * required version too.
 */
import { readFileSync } from 'node:fs'

await import('./src/cli/bin.ts').catch((error) => {
  if (error.code !== 'ERR_UNKNOWN_FILE_EXTENSION') throw error
  const { engines } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
  const minimum = engines.node.replace('>=', '')
  process.stderr.write(
    `Limn requires Node ${minimum} or later; this is Node ${process.versions.node}.\n`,
  )
  process.exitCode = 1
})
