import type { LimnError } from '../errors.ts'
import type { ImageRequest } from '../identity/request.ts'
import type { LimitWait } from '../limits/rate-limiter.ts'
import type { Output } from '../manifest/manifest.ts'
import type { InputPicture } from '../pictures/input-picture.ts'
import type { FoundAnswer } from '../remote/find-answer.ts'

/** A request that another process sends for this run. */
export type Order = {
  asset: string
  request: ImageRequest
  /**
   * In the order of the request's `inputs`. Whoever places the order empties the list once it has
   * them: many orders may be open, and pictures are large.
   */
  inputs: InputPicture[]
  /** The number of pictures. */
  images: number
  /** The worst-case cost in the plan, USD; `null` if the price is unknown. */
  usd: number | null
  /**
   * The digest of the master that is replaced although it answers the request; `undefined` if any
   * picture that answers it will do.
   */
  replaces: string | undefined
  /** The files to derive from the first picture. */
  outputs: readonly Output[]
}

/** What a run wants to know about its order. */
export type OrderListeners = {
  /** Called before an order is placed that nobody has placed yet. It is not placed if this throws. */
  beforePlaced: () => Promise<void>
  /** Called when another process begins to send the request, and again if that begins anew. */
  onStarted: () => void
  onRetry: (wait: { attempt: number; ms: number; error: LimnError }) => void
  onLimit: (wait: LimitWait) => void
}

/** The pictures of an order. */
export type OrderedAnswer = FoundAnswer & {
  /** What was paid for this order, USD; 0 if the pictures were there, `null` if it is unknown. */
  usd: number | null
  /** Whether they were there, or were paid for by an earlier run. */
  isFound: boolean
  /** The time from sending the request to its last picture, ms. */
  ms: number
  /** Ends the order. Call it once the pictures are in the journal. Does not fail. */
  end: () => Promise<void>
}

/** Has requests sent by other processes, such as the workers of a queue. */
export type Orders = {
  /** The number of orders that may be open at the same time. */
  readonly maxOpen: number
  /**
   * Places an order, waits for its pictures, and writes the files that were derived from them to
   * the cache. Places it only once, whichever process asks for it.
   *
   * @throws ProviderError; LimnError `budget/exceeded`, `queue/…`, `remote/…`, `store/…`, `aborted`
   */
  place(order: Order, listeners: OrderListeners): Promise<OrderedAnswer>
  close(): Promise<void>
}
