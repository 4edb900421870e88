import { type CommandDescription, type CommandRequest, nameOf } from '../command.ts';
import { commands } from '../commands.ts';

const everywhere = ['--json', '--quiet', '--verbose', '--no-color', '--help'];

/** `millrace completion [bash|zsh]`: a script for the shell of the user, or the one that is named. */
export async function completion({ words, terminal }: CommandRequest): Promise<number> {
  const shell = words['shell'] ?? (process.env['SHELL']?.endsWith('zsh') === true ? 'zsh' : 'bash');
  terminal.result(shell === 'zsh' ? zshScript() : bashScript());
  return await Promise.resolve(0);
}

/** Names only: what is completed never starts Node, so the tab key answers at once. */
function bashScript(): string {
  return `# millrace completion for bash: millrace completion bash >> ~/.bashrc
_millrace() {
  local current="\${COMP_WORDS[COMP_CWORD]}" words=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    words="${commands.map(nameOf).join(' ')} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${commands.map((command) => `      ${nameOf(command)}) words="${wordsOf(command).join(' ')}" ;;`).join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  [ \${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "$current"))
  return 0
}
complete -F _millrace millrace`;
}

function zshScript(): string {
  const names = commands.map((command) => `    '${nameOf(command)}:${quoted(command.summary)}'`).join('\n');
  const cases = commands
    .map((command) => `    ${nameOf(command)}) compadd -- ${wordsOf(command).join(' ')}; _files ;;`)
    .join('\n');
  return `#compdef millrace
# millrace completion for zsh: millrace completion zsh > "\${fpath[1]}/_millrace"
_millrace() {
  local -a names
  names=(
${names}
  )
  if (( CURRENT == 2 )); then
    _describe 'command' names
    return
  fi
  case "\${words[2]}" in
${cases}
  esac
}
if [ "\${funcstack[1]}" = "_millrace" ]; then _millrace "$@"; else compdef _millrace millrace; fi`;
}

function wordsOf(command: CommandDescription): string[] {
  const values = Object.values(command.choices ?? {}).flat();
  const options = Object.entries(command.options).filter(([, option]) => option.isLater !== true);
  return [...values, ...options.map(([name]) => `--${name}`), ...everywhere];
}

function quoted(text: string): string {
  return text.replaceAll("'", String.raw`'\''`).replaceAll(':', String.raw`\:`);
}
