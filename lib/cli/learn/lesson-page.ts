/** The page of lessons: a frame that `lib/learn/page` fills from `/api/lessons`. */
export function lessonPage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Lessons – Millrace</title>
<link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/assets/live.css">
<link rel="stylesheet" href="/assets/learn.css">
<script type="module" src="/assets/learn.js"></script>
</head>
<body>
<a class="skip" href="#lesson">Skip to the lesson</a>
<header><h1><span class="brand">Millrace</span> <span class="program">Lessons</span></h1>
<a class="compare" id="comparison" href="/compare">The same records through both engines</a></header>
<div class="lessons">
<nav id="lessons" aria-label="Lessons"></nav>
<main id="main" tabindex="-1"><p class="empty">Loading the lessons.</p></main>
</div>
<noscript><p class="empty">The page needs JavaScript. The same lessons are in the terminal: millrace learn.</p></noscript>
</body>
</html>
`;
}
