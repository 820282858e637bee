// A real identity provider (oidc-provider) on the loopback address, for the tests: it lets anybody in by the name that
// they type. Its one argument is its configuration as JSON; it says its issuer in a line, and ends with its parent.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://localhost:${server.address().port}`; // another site than 127.0.0.1, where the fund is
  const provider = new Provider(issuer, {
    clients: JSON.parse(process.argv[2]),
    cookies: { keys: ['a key of the tests'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    pkce: { required: () => true },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
process.stdin.on('end', () => process.exit()).resume();
