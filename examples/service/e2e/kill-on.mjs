// Loaded with `--import` into the service: kills it before the first file operation on a path that
// matches `KILL_ON`.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const { O_WRONLY, O_RDWR } = fs.constants
const opensForWriting = (flags = 'r') =>
  typeof flags === 'number' ? (flags & (O_WRONLY | O_RDWR)) !== 0 : flags !== 'r'

const pattern = new RegExp(process.env.KILL_ON)
for (const object of [fs.promises, fs]) {
  for (const base of ['open', 'rename', 'writeFile', 'link']) {
    const name = object === fs ? `${base}Sync` : base
    const original = object[name]
    object[name] = (...args) => {
      const isWrite = base !== 'open' || opensForWriting(args[1])
      const path = base === 'rename' || base === 'link' ? args[1] : args[0]
      if (isWrite && pattern.test(String(path))) process.kill(process.pid, 'SIGKILL')
      return original.apply(object, args)
    }
  }
}
syncBuiltinESMExports()
