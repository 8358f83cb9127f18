import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from './context.ts'

/** A set of addresses that answers in its own way: a dialect under its path and at its hosts, or the pages. */
export interface Face {
  /** Where it is mounted; '' for the root. */
  prefix: string
  /** Host names at whose root it answers too. */
  hosts: readonly string[]
  register: (scope: FastifyInstance, ctx: Context) => void | Promise<void>
  /** Answers a request that never reached a route, such as one whose address cannot be decoded. */
  refuse: (error: Error, request: FastifyRequest, reply: FastifyReply) => unknown
}
