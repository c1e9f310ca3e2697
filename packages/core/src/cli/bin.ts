#!/usr/bin/env node
import { enableCompileCache } from 'node:module'
import { fs } from '../disk/node-builtins.ts'
import { answerAtOnce } from './fast-path.ts'

const argv = process.argv.slice(2)
const answer = await answerAtOnce(argv, process.cwd())
if (answer === undefined || !print(answer)) {
  enableCompileCache()
  const { main } = await import('./main.ts')
  process.exitCode = await main(argv, process)
}

/**
 * Prints without a stream. @returns whether it could: where a reader is slow, or gone, the streams
 * know what to do
 */
function print(text: string): boolean {
  try {
    fs.writeFileSync(1, text)
    return true
  } catch {
    return false
  }
}
