import { mkdirSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, parse } from 'node:path'
import sharp from 'sharp'
import { cuts } from '../pictures.ts'

/*
 * A script without any tool: cuts each file from its picture with sharp, as many at a time as there
 * are processors. Prints the time, ms.
 */
const [from, to] = process.argv.slice(2) as [string, string]
mkdirSync(to, { recursive: true })
const started = performance.now()
const work = readdirSync(from).flatMap((file) =>
  cuts.widths.flatMap((width) => [
    () =>
      sharp(join(from, file))
        .resize({ width })
        .avif({ quality: cuts.quality.avif, effort: cuts.effort })
        .toFile(join(to, `${parse(file).name}-${width}.avif`)),
    () =>
      sharp(join(from, file))
        .resize({ width })
        .webp({ quality: cuts.quality.webp, effort: cuts.effort, smartSubsample: true })
        .toFile(join(to, `${parse(file).name}-${width}.webp`)),
  ]),
)
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let next = work.shift(); next !== undefined; next = work.shift()) await next()
  }),
)
process.stdout.write(`${JSON.stringify({ ms: performance.now() - started })}\n`)
