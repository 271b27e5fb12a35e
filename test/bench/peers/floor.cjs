// What no rewrapping can do without: reads every file, writes it anew beside itself and renames it, and asks Vault once a batch.
// Arguments: folder, files in a batch. Vault from VAULT_ADDR, VAULT_CACERT, VAULT_TOKEN.
const { readdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const https = require("node:https");
const { join } = require("node:path");

const [folder = ".", batch = "250"] = process.argv.slice(2);
const { VAULT_ADDR, VAULT_CACERT, VAULT_TOKEN } = process.env;
const agent = new https.Agent({ keepAlive: true, ca: readFileSync(VAULT_CACERT) });

function askVault() {
  return new Promise((resolve, reject) => {
    const options = { agent, headers: { "x-vault-token": VAULT_TOKEN } };
    const request = https.get(`${VAULT_ADDR}/v1/transit/keys/sops`, options, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`Vault answered ${answer.statusCode}`));
      answer.resume().on("end", resolve);
    });
    request.on("error", reject);
  });
}

async function main() {
  const names = readdirSync(folder).filter((name) => /^\d.*\.sops\.yaml$/.test(name));
  const contents = names.map((name) => readFileSync(join(folder, name)));
  for (let done = 0; done < names.length; done += Number(batch)) await askVault();
  for (const [index, name] of names.entries()) {
    writeFileSync(join(folder, `.${name}.tmp`), contents[index]);
    renameSync(join(folder, `.${name}.tmp`), join(folder, name));
  }
  agent.destroy();
}

main().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
