import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { samplePicture } from '../../helpers/pictures.ts'
import { multipart, objectOf, type DesktopApp, type Form } from '../../helpers/start-gimmebar.ts'
import { NO_ID, NO_USER, SOURCE, testRows, type Row, type Scene } from '../../helpers/start-error-scene.ts'

const client = ({ clientId, clientSecret }: DesktopApp): Form => ({
  client_id: clientId,
  client_secret: clientSecret,
})
const token = ({ bar }: Scene, type: string, form: Form) =>
  bar.anonymous.send('POST', `auth/token/${type}`, form)
const upload = ({ ada }: Scene, image: Buffer) =>
  ada.send(
    'POST',
    'asset',
    undefined,
    multipart({ title: 'T', source: SOURCE }, { image, field: 'data', fileName: 'x.png' }),
  )
const post = ({ ada }: Scene, form: Form) =>
  ada.send('POST', 'asset', { title: 'T', source: SOURCE, ...form })

const METHODS: Record<string, Row[]> = {
  'GET public/assets/:username': [
    [
      'RESOURCE_NOT_FOUND 404 No user with that username',
      ({ bar }) => bar.anonymous.get('public/assets/nobody'),
      /^No user with that username$/,
    ],
  ],
  'GET public/assets/:username/:collection_slug': [
    [
      'RESOURCE_NOT_FOUND 404 No user with that username',
      ({ bar }) => bar.anonymous.get('public/assets/nobody/bread'),
      /^No user with that username$/,
    ],
    [
      'RESOURCE_NOT_FOUND 404 No collection with that slug',
      ({ bar }) => bar.anonymous.get('public/assets/ada/wine'),
      /^No collection with that slug$/,
    ],
  ],
  'GET public/asset/:asset_id': [
    [
      'RESOURCE_NOT_FOUND 404 No asset with that ID',
      ({ bar }) => bar.anonymous.get(`public/asset/${NO_ID}`),
      /^No asset with that ID$/,
    ],
    [
      'NOT_AUTHORIZED 403 Asset is private',
      ({ bar, hidden }) => bar.anonymous.get(`public/asset/${hidden}`),
      /^Not authorized to see this asset$/,
    ],
  ],
  'POST auth/token/:token_type': [
    [
      'INVALID_INPUT 400 Invalid token type',
      (on) => token(on, 'other', { ...client(on.app), type: 'app' }),
      /^Invalid token type$/,
    ],
    [
      'INVALID_INPUT 400 type must be "app"',
      (on) => token(on, 'request', { ...client(on.app), type: 'web' }),
      /^type must be "app"$/,
    ],
    [
      'INVALID_INPUT 400 response_type must be "code"',
      (on) => token(on, 'authorization', { ...client(on.app), response_type: 'token' }),
      /^response_type must be "code"$/,
    ],
    [
      'INVALID_INPUT 400 grant_type must be "authorization_code"',
      (on) => token(on, 'access', { code: NO_USER, grant_type: 'password' }),
      /^grant_type must be "authorization_code"$/,
    ],
    [
      'INVALID_INPUT 400 Invalid client_id',
      (on) => token(on, 'request', { ...client(on.app), client_id: NO_ID, type: 'app' }),
      /^Invalid client_id$/,
    ],
    [
      'INVALID_INPUT 400 Client is not approved for access',
      (on) => token(on, 'request', { ...client(on.unapproved), type: 'app' }),
      /^Client is not approved for access$/,
    ],
  ],
  'GET users': [
    [
      'RESOURCE_NOT_FOUND 404 Username not found',
      ({ ada }) => ada.get('users?username=nobody'),
      /^Username not found$/,
    ],
    [
      "INVALID_INPUT 400 Must pass 'username', match', 'friends' or 'stellar' parameter",
      ({ ada }) => ada.get('users'),
      /^must pass 'username', 'match', 'friends' or 'stellar'$/,
    ],
  ],
  'GET users/avatar': [
    [
      'RESOURCE_NOT_FOUND 404 User not found',
      ({ ada }) => ada.get('users/avatar?username=nobody'),
      /^User not found$/,
    ],
  ],
  'GET user/:user_id': [
    ['RESOURCE_NOT_FOUND 404 User not found', ({ ada }) => ada.get(`user/${NO_USER}`), /^User not found$/],
  ],
  'GET user/:user_id/avatar': [
    [
      'RESOURCE_NOT_FOUND 404 User not found',
      ({ ada }) => ada.get(`user/${NO_USER}/avatar`),
      /^User not found$/,
    ],
  ],
  'POST asset': [
    ['FILE_UPLOAD_FAILED 400 File size was 0', (on) => upload(on, Buffer.alloc(0)), /^File size was 0$/],
    [
      'FILE_UPLOAD_FAILED 500 Processing of uploaded file failed',
      async (on) => upload(on, (await samplePicture({ width: 20, height: 20 })).subarray(0, 40)),
      /^Processing of uploaded file failed$/,
    ],
    [
      'INVALID_INPUT 400 Malformed data URL',
      (on) => post(on, { dataurl: 'data:image/png,abc' }),
      /^Malformed data URL$/,
    ],
    [
      'INVALID_INPUT 400 Must provide one of the following parameters: url, text, data, dataurl',
      (on) => post(on, {}),
      /^Must provide one of url, text, data, dataurl$/,
    ],
  ],
  'GET asset/:asset_id': [
    [
      'RESOURCE_NOT_FOUND 404 Asset not found',
      ({ grace }) => grace.get(`asset/${NO_ID}`),
      /^No asset with that ID$/,
    ],
    [
      'NOT_AUTHORIZED 403 The authenticating user does not have permission to views this asset',
      ({ grace, hidden }) => grace.get(`asset/${hidden}`),
      /^Not authorized to see this asset$/,
    ],
  ],
  'POST asset/:asset_id': [
    [
      'RESOURCE_NOT_FOUND 404 Asset not found',
      ({ grace }) => grace.send('POST', `asset/${NO_ID}`, { title: 'x' }),
      /^No asset with that ID$/,
    ],
    [
      'NOT_AUTHORIZED 403 The authenticating user does not own this asset',
      ({ grace, asset }) => grace.send('POST', `asset/${asset}`, { title: 'x' }),
      /^User does not own this asset$/,
    ],
  ],
  'DELETE asset/:asset_id': [
    [
      'RESOURCE_NOT_FOUND 404 Asset not found',
      ({ grace }) => grace.send('DELETE', `asset/${NO_ID}`),
      /^No asset with that ID$/,
    ],
    [
      'NOT_AUTHORIZED 403 The authenticating user does not own this asset',
      ({ grace, asset }) => grace.send('DELETE', `asset/${asset}`),
      /^User does not own this asset$/,
    ],
  ],
  'POST asset/:asset_id/copy': [
    [
      'RESOURCE_NOT_FOUND 404 Asset not found',
      ({ grace }) => grace.send('POST', `asset/${NO_ID}/copy`),
      /^No asset with that ID$/,
    ],
    [
      'INVALID_INPUT 400 You cannot copy your own asset',
      ({ ada, asset }) => ada.send('POST', `asset/${asset}/copy`),
      /^You cannot copy your own asset$/,
    ],
    [
      'INVALID_INPUT 400 You cannot copy an asset you already own (by media hash)',
      ({ grace, copied }) => grace.send('POST', `asset/${copied}/copy`),
      /^You already own this asset$/,
    ],
  ],
}

// Rows of the types API_ERROR and SEARCH_ERROR are in failures.test.ts, those of collections in a file of their own.
testRows(METHODS, (scene) => {
  describe('GET users/avatar, GET user/:user_id/avatar', () => {
    test('RESOURCE_NOT_FOUND 404 Avatar asset not found: does not come up, for everybody has one', async () => {
      const { bar, ada, graceId } = scene()
      const avatar = { avatar: `${bar.base}/img/avatar/grace` }
      assert.deepEqual(objectOf(await ada.get('users/avatar?username=grace')), avatar)
      assert.deepEqual(objectOf(await ada.get(`user/${graceId}/avatar`)), avatar)
      assert.equal((await bar.anonymous.get('/img/avatar/grace')).statusCode, 200)
    })
  })
})
