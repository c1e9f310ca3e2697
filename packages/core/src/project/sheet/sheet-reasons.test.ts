import { expect, test } from 'vitest'
import { zh } from '../../../../contact-sheet/src/page/text/zh.ts'
import type { Reason } from '../../plan/plan.ts'
import { toSheetReasons } from './sheet-reasons.ts'

/** One reason of each kind: a new kind does not compile without an entry here. */
const reasonByCode: { [Code in Reason['code']]: Omit<Extract<Reason, { code: Code }>, 'code'> } = {
  new: {},
  'request-changed': { changes: [{ field: 'prompt', from: 'a secret', to: 'b' }] },
  'input-changed': { inputs: ['hero'] },
  'master-missing': {},
  forced: {},
  'received-before': {},
  'had-before': {},
  renamed: { from: 'old' },
  'source-new': {},
  'source-changed': {},
  picked: { candidate: 2 },
  adopted: {},
  'outputs-added': { presets: ['og'] },
  'outputs-changed': { presets: ['og'] },
  'outputs-missing': { files: 3 },
  'outputs-altered': { files: ['a.webp'] },
  edited: {},
  'paid-for': { provider: 'openai' },
  'kept-missing': { state: 'pinned' },
  untracked: { path: 'images/a.png' },
  link: { path: 'images/a.png' },
  'not-downloaded': { path: 'images/a.png', pointer: 'git-lfs' },
  blocked: { inputs: ['hero'] },
  'in-batch': { since: '2026-11-30T08:00:00.000Z' },
  linked: {},
  'waits-for-batch': { inputs: ['hero'] },
  'failed-in-batch': {},
  'not-examined': {},
  'expectations-changed': {},
  'picture-changed': {},
  'examine-requested': {},
  'compared-changed': { assets: ['hero'] },
  'not-passed': { failed: [{ test: 'quiet', passed: false, reason: 'Too much detail.' }] },
  'not-in-manifest': {},
  'outputs-not-asked': { files: ['a.webp'] },
}

const all = Object.entries(reasonByCode).map(([code, rest]) => ({ code, ...rest }) as Reason)

test.each(all)('the Chinese page explains $code', (reason) => {
  const [sent] = toSheetReasons([reason])
  const shown = zh.why({ why: 'ENGLISH', reasons: [sent!], failure: null })
  for (const value of sent!.values) expect(typeof value).toBe('string')
  expect(shown.replace(/pinned|git lfs[\w -./"]*|prune|limn|openai|UTC/g, '')).not.toMatch(
    /undefined/,
  )
  if (!['new', 'forced'].includes(reason.code)) expect(shown).not.toContain('ENGLISH')
})

test('sends no prompts, and few names of a long list', () => {
  const files = Array.from({ length: 5000 }, (_, index) => `${index}.webp`)
  const sent = toSheetReasons([...all, { code: 'outputs-altered', files }])
  expect(JSON.stringify(sent)).not.toContain('secret')
  expect(JSON.stringify(sent).length).toBeLessThan(5000)
})
