// The sign-in page of the local issuer: choose a persona, no password. It exists so that the authorization code flow is
// the real one; an installation has its own issuer with its own page.

const escapeHtml = (text) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

export function loginPage(action, personas, hint) {
  const options = [...personas.values()]
    .map(({ sub, name, title }) => {
      const selected = sub === hint ? ' selected' : '';
      return `<option value="${escapeHtml(sub)}"${selected}>${escapeHtml(`${sub} · ${name} · ${title}`)}</option>`;
    })
    .join('\n');
  return `<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Masuk ke Bela (lokal)</title>
<style>
  body { font-family: system-ui, sans-serif; max-width: 40rem; margin: 4rem auto; padding: 0 1rem; }
  select, button { font-size: 1rem; padding: .5rem; max-width: 100%; }
</style>
</head>
<body>
<h1>Masuk ke Bela</h1>
<p>Penerbit identitas lokal untuk percobaan. Pilih siapa Anda; tidak ada kata sandi.</p>
<form method="post" action="${escapeHtml(action)}">
<p><label for="sub">Saya adalah</label></p>
<p><select id="sub" name="sub" required>
${options}
</select></p>
<p><button type="submit">Masuk</button></p>
</form>
</body>
</html>
`;
}
