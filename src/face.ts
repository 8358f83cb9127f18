import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from './context.ts'
import type { KeptAnswers } from './http/kept-answers.ts'

/** A set of addresses that answers in its own way: a dialect under its path and at its hosts, or the pages. */
export interface Face {
  /** Where it is mounted; '' for the root. */
  prefix: string
  /** Host names at whose root it answers too. */
  hosts: readonly string[]
  /** What HTTP Digest is for, where it is taken with the access tokens of people. */
  digestRealm?: string
  /** @param kept Where it leaves answers that may be given again; a request for one of them never comes to the face. */
  register: (scope: FastifyInstance, ctx: Context, kept: KeptAnswers) => void | Promise<void>
  /** Answers a request that never reached a route, such as one whose address cannot be decoded. */
  refuse: (error: Error, request: FastifyRequest, reply: FastifyReply) => unknown
}
