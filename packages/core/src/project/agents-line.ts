/** The line about Limn that `limn init` offers to add to a project's AGENTS.md. */
export const agentsLine: string =
  '- Pictures are generated with Limn: follow node_modules/@limn/core/skills/limn/SKILL.md, and never edit images.lock or images/ by hand.'
