import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Config } from './config.ts'
import type { Gallery } from './gallery.ts'
import type { Ledger } from './ledger.ts'
import type { Log } from './log.ts'
import type { Prices } from './prices.ts'
import type { RequestFacts } from './request-facts.ts'

/** The HTTP interface. */
export type App = OpenAPIHono<RequestFacts>

/** What the HTTP interface is made of. */
export type AppOptions = {
  config: Config
  gallery: Gallery
  ledger: Ledger
  prices: Prices
  log: Log
  /** Address of the service, without a slash at the end. */
  publicUrl: () => string
  isClosing: () => boolean
}
