/* Passkeys (WebAuthn): asks the portal for a challenge, the browser for its answer, and goes on where the portal says. */

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function ask(url, token, content) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" },
    body: JSON.stringify(content),
  });
  const found = await answer.json();
  if (!answer.ok) throw new Refused(found.message);
  return found;
}

class Refused extends Error {}

/* The options as the browser wants them: challenge and ids as bytes. */
function prepared(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials])
    for (const one of list ?? []) one.id = bytes(one.id);
  return options;
}

/* The browser's answer as JSON. */
function sent(credential) {
  const { response } = credential;
  const found = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[name]) found[name] = text(response[name]);
  if (response.getTransports) found.transports = response.getTransports();
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: found,
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
  };
}

function enable(panel) {
  const button = panel.querySelector("button");
  const told = panel.querySelector("[role=alert]");
  const token = panel.querySelector("[name=csrfmiddlewaretoken]").value;
  const adding = panel.dataset.passkey === "add";
  button.addEventListener("click", async () => {
    told.hidden = true;
    button.setAttribute("aria-disabled", "true");
    try {
      const options = prepared(await ask(panel.dataset.options, token, {}));
      const credential = adding
        ? await navigator.credentials.create({ publicKey: options })
        : await navigator.credentials.get({ publicKey: options });
      const name = panel.querySelector("input[type=text]")?.value ?? "";
      const { to } = await ask(panel.dataset.answer, token, { credential: sent(credential), name });
      location.assign(to);
    } catch (error) {
      told.textContent = (error instanceof Refused && error.message) || panel.dataset.failed;
      told.hidden = false;
      button.removeAttribute("aria-disabled");
    }
  });
  panel.hidden = false;
}

if (window.PublicKeyCredential && window.isSecureContext) document.querySelectorAll("[data-passkey]").forEach(enable);
