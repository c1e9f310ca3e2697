import type { FileFact } from '../cache/file-digests.ts'
import type { PlanOptions } from './plan.ts'

/**
 * With `masters: remote`, adds the masters that only the lockfile names to the inventory, as files
 * that are still to be downloaded: they exist, and are not paid for again.
 */
export function withRemoteMasters(options: PlanOptions): PlanOptions {
  const { manifest, lock, inventory } = options
  if (manifest.masters === 'git') return options
  const masters = new Map<string, FileFact>(inventory.masters)
  // Also those of assets that have left the manifest: they may have another name now.
  for (const { request, master } of lock.assets.values()) {
    if (request.operation === 'source') continue
    const { path, bytes, sha256 } = master
    if (!masters.has(path)) masters.set(path, { bytes, sha256, pointer: 'remote' })
  }
  return { ...options, inventory: { ...inventory, masters } }
}
