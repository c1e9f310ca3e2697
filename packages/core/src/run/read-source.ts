import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sha256 } from '../digest.ts'
import type { Master } from '../pictures/read-master.ts'
import type { Step } from '../plan/plan.ts'
import type { RunContext } from './context.ts'
import { beforeCutting } from './cut-outputs.ts'

/** Reads a picture that a person brought, notes it in the lock where it is new, and cuts it. */
export async function takeSource(
  { asset, outputs }: Extract<Step, { kind: 'derive' }>,
  context: RunContext,
): Promise<void> {
  const { paths, assetByName, checkpoint, cut } = context
  const { path } = assetByName.get(asset)!.source!
  const bytes = await readFile(join(paths.root, path))
  const digest = sha256(bytes)
  let decoded: Master | undefined
  const before = checkpoint.lock.assets.get(asset)
  if (
    before?.request.operation !== 'source' ||
    before.request.source !== path ||
    before.master.sha256 !== digest
  ) {
    const [{ computeMasterFacts, readMaster }, { encoderVersion }] = await Promise.all([
      import('../pictures/read-master.ts'),
      import('../derive/encoder-version.ts'),
    ])
    const facts = await beforeCutting(context, async () =>
      computeMasterFacts((decoded = await readMaster(bytes))),
    )
    checkpoint.encoder(encoderVersion())
    // The file stays as the person made it, and so does its digest.
    const master = {
      path,
      sha256: digest,
      ...facts,
      bytes: bytes.length,
      state: 'adopted' as const,
    }
    checkpoint.set([
      [
        asset,
        {
          request: { operation: 'source', source: path },
          master,
          made: { provider: 'source', at: new Date().toISOString() },
          outputs: before?.outputs ?? {},
        },
      ],
    ])
  }
  cut(asset, outputs, decoded)
}
