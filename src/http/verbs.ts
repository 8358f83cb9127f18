import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

export interface VerbAnswers {
  /** Answers a preflight or a plain OPTIONS; `verbs` are those of the path, HEAD left out. */
  options: (request: FastifyRequest, reply: FastifyReply, verbs: readonly string[]) => unknown
  /** Answers a verb the path does not have; `allow` is the value of the Allow header. */
  notAllowed: (request: FastifyRequest, reply: FastifyReply, allow: string) => unknown
}

const OTHER_VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/**
 * Gives every path of a scope an OPTIONS of its own and a 405 for the verbs it lacks. Call it before the routes are
 * declared; the returned function, called after them, adds what is missing.
 */
export function completeVerbs(scope: FastifyInstance, answers: VerbAnswers): () => void {
  const verbsOf = new Map<string, Set<string>>()
  let completing = false
  scope.addHook('onRoute', ({ url, method }) => {
    if (completing) return
    const verbs = verbsOf.get(url) ?? new Set()
    for (const verb of [method].flat()) verbs.add(verb)
    verbsOf.set(url, verbs)
  })

  return () => {
    completing = true
    for (const [url, known] of verbsOf) {
      const path = url.slice(scope.prefix.length)
      const verbs = [...known].filter((verb) => verb !== 'HEAD' && verb !== 'OPTIONS')
      const missing = OTHER_VERBS.filter((verb) => !known.has(verb))
      const allow = ['OPTIONS', ...verbs].join(', ')
      if (!known.has('OPTIONS'))
        scope.options(path, (request, reply) => answers.options(request, reply, verbs))
      if (missing.length > 0)
        scope.route({
          method: missing,
          url: path,
          exposeHeadRoute: false,
          handler: (request, reply) => answers.notAllowed(request, reply, allow),
        })
    }
  }
}
