/* oxlint-disable no-restricted-globals -- the only access to Node's built-ins that loads nothing else */

/*
 * Node's modules for the code that every start of the command line runs. An `import` of one also
 * loads its lazy parts: `node:fs` its promises API, `node:util` workers, `node:process` all three
 * standard streams. Together these slow down Node's start by a third.
 */

const own = process
export { own as process }
export const fs = own.getBuiltinModule('node:fs')
export const util = own.getBuiltinModule('node:util')
