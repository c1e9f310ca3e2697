// Loaded with `--import` into a command: kills it before its file operation number `KILL_AT`, from 1.
// If the command completes, writes the number of its operations to the file `COUNTED`.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const { writeFileSync } = fs
const names = ['open', 'writeFile', 'rename', 'rm', 'rmdir', 'unlink', 'link', 'mkdir']
const killAt = Number(process.env.KILL_AT)
let count = 0
for (const [object, suffix] of [
  [fs.promises, ''],
  [fs, 'Sync'],
]) {
  for (const name of names.map((base) => `${base}${suffix}`)) {
    const original = object[name]
    object[name] = (...args) => {
      const isRead = name.startsWith('open') && ['r', 0, undefined].includes(args[1])
      if (!isRead && ++count === killAt) process.kill(process.pid, 'SIGKILL')
      return original.apply(object, args)
    }
  }
}
syncBuiltinESMExports()
process.on('exit', () => {
  if (process.env.COUNTED !== undefined) writeFileSync(process.env.COUNTED, String(count))
})
