#!/usr/bin/env node
import { describeUnusableNode } from '../node-version.ts'

const problem = describeUnusableNode(process.versions)
if (problem === undefined) {
  await import('./run-command.ts')
} else {
  process.stderr.write(`${problem}\n`)
  process.exitCode = 1
}
