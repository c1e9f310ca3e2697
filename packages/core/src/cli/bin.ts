#!/usr/bin/env node
import { describeOldNode } from '../node-version.ts'

const problem = describeOldNode(process.versions.node)
if (problem === undefined) {
  await import('./run-command.ts')
} else {
  process.stderr.write(`${problem}\n`)
  process.exitCode = 1
}
