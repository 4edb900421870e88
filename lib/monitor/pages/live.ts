/** The live page: a frame without any figure; `lib/monitor/client` fills it from `/api/v1/events`. No text of a user is in it. */
export function livePage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Millrace</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/live.css">
<script type="module" src="/assets/live.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the figures</a>
<header id="top"></header>
<nav id="sections" aria-label="Sections"></nav>
<main id="main" tabindex="-1"><p class="empty" id="loading">Connecting to the program.</p></main>
<noscript><p class="empty">The live page needs JavaScript. The same figures are at /api/v1 and /metrics.</p></noscript>
</body>
</html>
`;
}
