import type { Register } from 'claude-code'

// For a client with mods: what our commands answer is shown as an answer. A hook, which is all that other clients
// have, can only end the turn, and the client calls that "Operation stopped by hook". What is for Claude, and what
// only the hook can know (the permission mode), is left to the hook.
const COMMANDS = ['batch-implement', 'auto-implement', 'batch-status'].map(name => `batch-implement:${name}`)
const TEN_MINUTES = 600_000

export const register: Register = on => {
  for (const command of COMMANDS) {
    on('command.run', { command }, async ($, e, next) => {
      const text = await answered($, e.command, e.args).catch(() => '')
      return text ? { text, isTextDisplayOnly: true } : next(e)
    })

    // As it is: the client would read it as Markdown, count "3. third" anew, and put our name before it.
    on('ui.render', { component: 'CommandOutput', props: { command } }, async ($, e) => {
      const { Box, Text } = $.ui.resolve(e)
      return (
        <Box paddingLeft={2}>
          <Text>{e.props.text.replace(/^batch-implement: /, '')}</Text>
        </Box>
      )
    })
  }
}

async function answered($, name: string, args: string): Promise<string> {
  const env = await $.process.hookEnv()
  const typed = { command_name: name, command_args: args, session_id: env.CLAUDE_CODE_SESSION_ID, is_look: true }
  const ran = await $.process.run([`${env.CLAUDE_PLUGIN_ROOT}/hooks/user-prompt-expansion`], {
    env,
    cwd: env.CLAUDE_PROJECT_DIR,
    stdin: JSON.stringify(typed),
    timeoutMs: TEN_MINUTES,
  })
  return ran.stdout ? (JSON.parse(ran.stdout).stopReason ?? '') : ''
}
