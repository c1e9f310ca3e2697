/* Runs a dev server that generates everything its manifest requests: `node dev-server.ts ROOT`. */
import { createServer } from 'vite'
import { limn } from '../../../vite-plugin/src/index.ts'

const server = await createServer({
  root: process.argv[2]!,
  configFile: false,
  server: { port: 0, host: '127.0.0.1' },
  plugins: [limn({ dts: false, dev: { generate: 'final', maxCost: 5 } })],
})
await server.listen()
process.stdout.write('ready\n')
