/*
 * Serves the page with a made-up project, to look at it while developing:
 *
 *     node packages/contact-sheet/scripts/fake-server.ts [ASSETS] [PORT]
 */
import { buildPage } from '../e2e/build-page.ts'
import { startFakeServer } from '../e2e/fake-server.ts'

const [assets = '60', port = '4111'] = process.argv.slice(2)
await buildPage()
const { url } = await startFakeServer({ assets: Number(assets), port: Number(port) })
process.stdout.write(`${url}\n`)
