/** The instructions for coding agents in the package, relative to a project that has installed it. */
export const SKILL_PATH = 'node_modules/@limn/core/skills/limn/SKILL.md'

/** The line about Limn that `limn init` offers to add to a project's AGENTS.md. */
export const agentsLine: string = `- Pictures are generated with Limn: follow ${SKILL_PATH}, and never edit images.lock or images/ by hand.`
