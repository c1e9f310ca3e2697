import { LimnError } from '../../errors.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Project } from '../project.ts'

/**
 * The settings of the manifest that decide where requests go and what they are counted as. The
 * person who starts the server sees them; an agent that changes them afterwards must not be able to
 * spend by that.
 */
export type AgreedSettings = {
  /** @throws LimnError `budget/not-agreed` if the settings of a run differ */
  require(plan: Plan, manifest: Manifest): void
}

/** Remembers the settings that a manifest has now. If it has mistakes, no run is agreed to. */
export async function rememberSettings(project: Project): Promise<AgreedSettings> {
  const agreed = await readSettings(project)
  return {
    require({ steps }, manifest) {
      if (!steps.some(({ kind }) => kind === 'generate')) return
      if (agreed === undefined) {
        throw new LimnError(
          'budget/not-agreed',
          'Limn could not read the manifest when this server started.',
          { hint: RESTART },
        )
      }
      if (settingsOf(manifest) === agreed) return
      throw new LimnError(
        'budget/not-agreed',
        'The providers, prices or budget of the manifest have changed since this server started.',
        { hint: `Undo the change, or let a person review it. ${RESTART}` },
      )
    },
  }
}

const RESTART = 'Ask the person to start `limn mcp` again.'

async function readSettings(project: Project): Promise<string | undefined> {
  try {
    return settingsOf((await project.snapshot()).manifest)
  } catch {
    // The first tool that reads the project reports the mistake.
    return undefined
  }
}

function settingsOf({ providers, models, budget, currency, remote }: Manifest): string {
  return JSON.stringify({ providers, models, budget, currency, remote })
}
