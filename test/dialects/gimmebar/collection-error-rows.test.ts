import { NO_ID, testRows, type Row } from '../../helpers/start-error-scene.ts'

const METHODS: Record<string, Row[]> = {
  'POST collection': [
    [
      'INVALID_INPUT 400 User already has a collection with this name',
      ({ ada }) => ada.send('POST', 'collection', { title: 'bread' }),
      /name/,
    ],
  ],
  'GET collection/:collection_id': [
    [
      'RESOURCE_NOT_FOUND 404 No collection with that ID',
      ({ grace }) => grace.get(`collection/${NO_ID}`),
      /^No collection with that ID$/,
    ],
    [
      'NOT_AUTHORIZED 403 User does not have permission to read this collection',
      ({ grace, secret }) => grace.get(`collection/${secret}`),
      /^Not authorized to see this collection$/,
    ],
  ],
  'POST collection/:collection_id': [
    [
      'RESOURCE_NOT_FOUND 404 No collection with that ID',
      ({ grace }) => grace.send('POST', `collection/${NO_ID}`, { title: 'x' }),
      /^No collection with that ID$/,
    ],
    [
      'NOT_AUTHORIZED 403 User does not have permission to read this collection',
      ({ grace, secret }) => grace.send('POST', `collection/${secret}`, { title: 'x' }),
      /^Not authorized to see this collection$/,
    ],
  ],
  'DELETE collection/:collection_id': [
    [
      'RESOURCE_NOT_FOUND 404 No collection with that ID',
      ({ grace }) => grace.send('DELETE', `collection/${NO_ID}`),
      /^No collection with that ID$/,
    ],
    [
      'NOT_AUTHORIZED 403 Not authorized to delete that collection',
      ({ grace, collection }) => grace.send('DELETE', `collection/${collection}`),
      /^Not authorized to (?:delete|remove) this collection$/,
    ],
  ],
  'GET collection/:collection_id/assets': [
    [
      'RESOURCE_NOT_FOUND 404 No collection with that ID',
      ({ grace }) => grace.get(`collection/${NO_ID}/assets`),
      /^No collection with that ID$/,
    ],
    [
      'NOT_AUTHORIZED 404 User not authorized to view this collection',
      ({ grace, secret }) => grace.get(`collection/${secret}/assets`),
      /^Not authorized to view this collection$/,
    ],
  ],
  'POST collection/:collection_id/assets': [
    [
      'RESOURCE_NOT_FOUND 404 No collection with that ID',
      ({ ada, asset }) => ada.send('POST', `collection/${NO_ID}/assets`, { asset_id: [asset] }),
      /^No collection with that ID$/,
    ],
    [
      'NOT_AUTHORIZED 403 User not authorized to add assets to this collection',
      ({ grace, collection, hers }) =>
        grace.send('POST', `collection/${collection}/assets`, { asset_id: [hers] }),
      /^User may not change this collection$/,
    ],
    [
      'RESOURCE_NOT_FOUND 404 No asset with ID',
      ({ ada, collection }) => ada.send('POST', `collection/${collection}/assets`, { asset_id: [NO_ID] }),
      /^No asset with that ID$/,
    ],
    [
      'NOT_AUTHORIZED 403 User does not own asset',
      ({ ada, collection, hers }) =>
        ada.send('POST', `collection/${collection}/assets`, { asset_id: [hers] }),
      /^User does not own asset$/,
    ],
    [
      'NOT_AUTHORIZED 403 Cannot add private asset',
      ({ ada, collection, hidden }) =>
        ada.send('POST', `collection/${collection}/assets`, { asset_id: [hidden] }),
      /^Cannot add private asset$/,
    ],
  ],
  'DELETE collection/:collection_id/assets': [
    [
      'RESOURCE_NOT_FOUND 404 No collection with that ID',
      ({ ada, asset }) => ada.send('DELETE', `collection/${NO_ID}/assets?asset_id[]=${asset}`),
      /^No collection with that ID$/,
    ],
    [
      'RESOURCE_NOT_FOUND 404 No asset with ID',
      ({ ada, collection }) => ada.send('DELETE', `collection/${collection}/assets?asset_id[]=${NO_ID}`),
      /^No asset with that ID$/,
    ],
    [
      'NOT_AUTHORIZED 403 User does not own asset',
      ({ ada, collection, hers }) => ada.send('DELETE', `collection/${collection}/assets?asset_id[]=${hers}`),
      /^User does not own asset$/,
    ],
  ],
  'POST collection/:collection_id/invitation': [
    [
      'RESOURCE_NOT_FOUND 404 No collection with that ID',
      ({ ada, graceId }) =>
        ada.send('POST', `collection/${NO_ID}/invitation`, { user_id: graceId, access_level: 'member' }),
      /^No collection with that ID$/,
    ],
  ],
  'DELETE collection/:collection_id/invitation': [
    [
      'RESOURCE_NOT_FOUND 404 No collection with that ID',
      ({ ada }) => ada.send('DELETE', `collection/${NO_ID}/invitation`),
      /^No collection with that ID$/,
    ],
  ],
  'POST collection/:collection_id/invitation/mine': [
    [
      'RESOURCE_NOT_FOUND 404 No collection with that ID',
      ({ grace }) => grace.send('POST', `collection/${NO_ID}/invitation/mine`),
      /^No collection with that ID$/,
    ],
  ],
  'DELETE collection/:collection_id/invitation/mine': [
    [
      'RESOURCE_NOT_FOUND 404 No collection with that ID',
      ({ grace }) => grace.send('DELETE', `collection/${NO_ID}/invitation/mine`),
      /^No collection with that ID$/,
    ],
  ],
  'POST collection/:collection_id/user/:user_id': [
    [
      'RESOURCE_NOT_FOUND 404 No collection with that ID',
      ({ ada, graceId }) => ada.send('POST', `collection/${NO_ID}/user/${graceId}`, { access: 'member' }),
      /^No collection with that ID$/,
    ],
  ],
  'DELETE collection/:collection_id/user/:user_id': [
    [
      'RESOURCE_NOT_FOUND 404 No collection with that ID',
      ({ ada, graceId }) => ada.send('DELETE', `collection/${NO_ID}/user/${graceId}`),
      /^No collection with that ID$/,
    ],
  ],
  'GET collections': [
    [
      'RESOURCE_NOT_FOUND 404 Collection not found with passed slug',
      ({ grace }) => grace.get('collections?slug=bread'),
      /^No collection with the passed slug$/,
    ],
    [
      'RESOURCE_NOT_FOUND 404 No collections found',
      ({ grace }) => grace.get('collections?private=1'),
      /^No collections found$/,
    ],
  ],
}

testRows(METHODS)
