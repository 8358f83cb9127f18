/** Why a page is not shown, beyond what identity and library refuse. */
export type PageProblem =
  /** `next` is where the person wanted to go. */
  | { kind: 'sign_in_needed'; next: string }
  /** The form does not come from one of our pages in this browser. */
  | { kind: 'forged' }
  | { kind: 'bad_form' }
  | { kind: 'not_found' }
  | { kind: 'ticket_expired' }
  | { kind: 'app_gone' }

export class PageRefusal extends Error {
  readonly problem: PageProblem

  constructor(problem: PageProblem) {
    super(problem.kind)
    this.name = 'PageRefusal'
    this.problem = problem
  }
}
