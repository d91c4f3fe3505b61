/** What keeps a process small that many threads work in. A person's own choice stands. */
export const leanEnvironment = (env: NodeJS.ProcessEnv): Record<string, string> => ({
  // glibc keeps what was freed for each of many threads apart; of two it keeps less. Elsewhere it says nothing.
  MALLOC_ARENA_MAX: '2',
  ...(env as Record<string, string>),
});
