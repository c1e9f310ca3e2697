import type { RemoteOptions, RemoteStore } from '../remote/remote-store.ts'
import type { Order } from '../run/orders.ts'
import type { JobInput } from './job.ts'
import { storeBytes } from './store-bytes.ts'

/**
 * Stores the input pictures of an order, as they are sent to the model.
 *
 * @throws LimnError `remote/…`, `aborted`
 */
export async function storeInputs(
  { inputs }: Pick<Order, 'inputs'>,
  store: RemoteStore,
  options: RemoteOptions,
): Promise<JobInput[]> {
  const stored: JobInput[] = []
  for (const { role, format, bytes, masks = {} } of inputs) {
    const input: JobInput = {
      ...(await storeBytes(bytes, store, options)),
      role,
      format,
      masks: [],
    }
    for (const polarity of ['white', 'black'] as const) {
      const mask = masks[polarity]
      if (mask === undefined) continue
      input.masks.push({ polarity, picture: await storeBytes(mask, store, options) })
    }
    stored.push(input)
  }
  return stored
}
