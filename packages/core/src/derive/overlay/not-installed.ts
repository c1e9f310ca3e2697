import { LimnError } from '../../errors.ts'

/** Creates the error of a project without the package that draws overlays. */
export function notInstalled(): LimnError {
  return new LimnError('overlay/not-installed', 'Overlays require the package takumi-js.', {
    hint: 'Run `npm install --save-dev takumi-js`.',
  })
}
