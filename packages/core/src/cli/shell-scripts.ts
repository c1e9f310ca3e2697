/** The shells that Limn completes. */
export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/*
 * Each script runs `limn __complete WORD…` with the words up to the cursor, and takes each line that it
 * prints as a candidate, without interpreting it.
 */

/** What `limn completion SHELL` prints. */
export const scriptByShell: Readonly<Record<Shell, string>> = {
  bash: `_limn() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("$line")
  done < <("$1" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _limn limn
`,
  zsh: `#compdef limn
_limn() {
  local -a candidates
  candidates=("\${(@f)$("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${candidates[1]}" ]]; then
    compadd -- "\${candidates[@]}"
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == _limn ]]; then _limn "$@"; else compdef _limn limn; fi
`,
  fish: `function __limn_complete
  set -l words (commandline -opc) (commandline -ct)
  $words[1] __complete $words[2..-1] 2>/dev/null
end
complete -c limn -a '(__limn_complete)'
`,
}
