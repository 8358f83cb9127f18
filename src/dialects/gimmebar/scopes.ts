import type { Config } from '../../config.ts'

/** What the consent page says an application may do. The service knew no scopes: every application asks for all. */
export const MEANINGS = {
  public: 'See your assets and collections, also the private ones',
  upload: 'Add assets in your name',
  write: 'Change and delete your assets and collections, and share, watch and invite in your name',
}

export const SCOPES = Object.keys(MEANINGS)

/** "For now we manually approve each application" (Getting API Access); a library of one's own need not. */
export const approvedOnly = ({ VITRINE_GIMMEBAR_AUTO_APPROVE: automatic }: Config) => !automatic
