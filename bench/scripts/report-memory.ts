import { writeFileSync } from 'node:fs'

/* Imported before a program: writes the most memory that it held (MB) to MEMORY_FILE when it ends. */
const file = process.env['MEMORY_FILE']!
process.on('exit', () =>
  writeFileSync(file, JSON.stringify({ mb: process.resourceUsage().maxRSS / 1000 })),
)
