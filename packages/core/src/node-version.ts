/*
 * Old versions of Node lack functions that Limn imports, and fail while they link its modules. This
 * file imports nothing, so that every version can load it and report the cause instead.
 */

/** Oldest version of Node that Limn runs on, as in `engines` of package.json. */
export const MINIMUM_NODE = '22.22'

/**
 * Returns the sentence that says what keeps Limn from running: an old Node, or Yarn's Plug'n'Play,
 * whose file system has no `FileHandle.sync`, so that a paid picture could be lost.
 *
 * @param versions `process.versions`
 */
export function describeUnusableNode(versions: {
  node: string
  /** Version of the interface of Plug'n'Play. */
  pnp?: string | undefined
}): string | undefined {
  if (versions.pnp === undefined) return describeOldNode(versions.node)
  return "Limn can't run under Yarn's Plug'n'Play, which replaces the file system of Node. Run `yarn config set nodeLinker node-modules`, then `yarn install`."
}

/**
 * Returns the sentence that says which version of Node is required, if a version is too old.
 *
 * @param version as in `process.versions.node`
 */
export function describeOldNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [minimumMajor = 0, minimumMinor = 0] = MINIMUM_NODE.split('.').map(Number)
  const isOld = major < minimumMajor || (major === minimumMajor && minor < minimumMinor)
  return isOld ? `Limn requires Node ${MINIMUM_NODE} or later; this is Node ${version}.` : undefined
}
