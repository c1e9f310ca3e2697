/** Returns a time as text: `42 s`, `3 min 5 s`, `1 h 20 min`. Negative times are zero. */
export function formatDuration(ms: number, language: 'en' | 'zh'): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const parts: [number, string, string][] =
    seconds < 3600
      ? [
          [Math.floor(seconds / 60), 'min', '分'],
          [seconds % 60, 's', '秒'],
        ]
      : [
          [Math.floor(seconds / 3600), 'h', '小时'],
          [Math.floor((seconds % 3600) / 60), 'min', '分'],
        ]
  const shown = parts.filter(([value], index) => value > 0 || (index === 1 && seconds < 60))
  return shown
    .map(([value, english, chinese]) => `${value} ${language === 'zh' ? chinese : english}`)
    .join(' ')
}
