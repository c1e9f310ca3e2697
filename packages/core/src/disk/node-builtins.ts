/* oxlint-disable no-restricted-globals -- the only access to Node's built-ins that loads nothing else */

import type * as nodeFs from 'node:fs'
import type * as nodeUtil from 'node:util'

/*
 * Node's modules for the code that every start of the command line runs. An `import` of one also
 * loads its lazy parts: `node:fs` its promises API, `node:util` workers, `node:process` all three
 * standard streams. Together these slow down Node's start by a third.
 */

const own: NodeJS.Process = process
export { own as process }
export const fs: typeof nodeFs = own.getBuiltinModule('node:fs')
export const util: typeof nodeUtil = own.getBuiltinModule('node:util')
