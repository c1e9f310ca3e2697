import { didYouMean } from '../../did-you-mean.ts'
import { builtInProviders } from '../resolve/providers.ts'
import type { Checked, Report } from './rule.ts'

/** Checks that the provider of the judge exists, can see pictures, and has a model. */
export function checkJudge({ file, manifest }: Checked, report: Report): void {
  const { judge } = file
  if (judge === undefined) return
  const { provider = 'openai', model } = judge
  const known = [...new Set([...builtInProviders, ...Object.keys(file.providers ?? {})])].filter(
    (name) => name !== 'local',
  )
  if (provider === 'local') {
    report({
      code: 'judge',
      path: ['judge', 'provider'],
      message: 'The local provider draws pictures, but it does not see any.',
      hint: `Write one of ${known.join(', ')}, or define a provider below \`providers:\`.`,
    })
  } else if (!known.includes(provider)) {
    report({
      code: 'unknown-provider',
      path: ['judge', 'provider'],
      message: `There is no provider "${provider}".`,
      hint:
        didYouMean(provider, known) ??
        `Write one of ${known.join(', ')}, or define it below \`providers:\`.`,
    })
  } else if (model === undefined && !hasDefaultModel(manifest.judge.server.server)) {
    report({
      code: 'no-model',
      path: ['judge'],
      part: 'key',
      message: `"${provider}" has no default model for the judge, and \`judge\` names none.`,
      hint: 'Add `model` with a model of the server that sees pictures.',
    })
  }
}

/** Whether a server is expected to offer the default model, or the AI SDK names it. */
function hasDefaultModel(server: string): boolean {
  return server === 'openai' || server === 'new-api' || server === 'ai-sdk'
}
