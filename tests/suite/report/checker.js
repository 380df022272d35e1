// Runs inside a page under test and lists what is wrong with it, for `browser.rs`.
(function () {
  const wrong = [];
  const width = document.documentElement.clientWidth;
  const shown = (text) => text.trim().slice(0, 60);

  function outside(inner, outer, slack) {
    return inner.left < outer.left - slack || inner.right > outer.right + slack ||
      inner.top < outer.top - slack || inner.bottom > outer.bottom + slack;
  }

  // The box of a text: the drawn box around a text of a picture, else the element that it stands in.
  function boxOf(element) {
    const box = element.closest("svg g");
    const drawn = box && box.querySelector("rect, circle");
    return drawn || element.closest("svg") || element;
  }

  function channel(value) {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : Math.pow((part + 0.055) / 1.055, 2.4);
  }

  function parse(colour) {
    const found = colour.match(/[\d.]+/g);
    return found ? found.map(Number) : [0, 0, 0, 0];
  }

  function light(colour) {
    const [r, g, b] = parse(colour);
    return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  }

  function ground(element) {
    const drawn = element.closest("svg g") && boxOf(element);
    if (drawn && drawn !== element) {
      const fill = getComputedStyle(drawn).fill;
      if (fill !== "none") return fill;
    }
    for (let up = element; up; up = up.parentElement) {
      const colour = getComputedStyle(up).backgroundColor;
      const parts = parse(colour);
      if (parts.length === 3 || parts[3] > 0) return colour;
    }
    return "rgb(255, 255, 255)";
  }

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const element = node.parentElement;
    const style = getComputedStyle(element);
    const hidden = element.closest(".visually-hidden, .skip, script, style, title, desc, details:not([open]) > :not(summary)");
    if (!node.textContent.trim() || hidden || style.visibility === "hidden") continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const rectangles = [...range.getClientRects()].filter((one) => one.width > 0);
    if (rectangles.length === 0) continue;
    const box = boxOf(element).getBoundingClientRect();
    for (const one of rectangles) {
      if (one.left < -0.5 || one.right > width + 0.5) {
        wrong.push("beyond the page: " + shown(node.textContent));
      }
      const inline = style.display === "inline";
      if (!inline && outside(one, box, 1.5)) wrong.push("outside its box: " + shown(node.textContent));
    }
    const colour = element.closest("svg") ? style.fill : style.color;
    const [a, b] = [light(colour), light(ground(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) {
      wrong.push("contrast " + contrast.toFixed(2) + ": " + shown(node.textContent));
    }
  }

  for (const element of document.querySelectorAll("body *")) {
    if (element.closest("svg, .visually-hidden")) continue;
    if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline") {
      wrong.push("scrolls: <" + element.tagName.toLowerCase() + "> " + shown(element.textContent));
    }
  }

  for (const picture of document.querySelectorAll("[role=img]")) {
    if (!picture.getAttribute("aria-label")) wrong.push("a picture without a name");
  }
  for (const svg of document.querySelectorAll("svg")) {
    if (!svg.closest("[role=img]")) wrong.push("a picture that no name speaks of");
  }
  for (const cell of document.querySelectorAll("th")) {
    if (!cell.hasAttribute("scope")) wrong.push("a header without a scope: " + shown(cell.textContent));
  }
  if (document.querySelectorAll("main").length !== 1) wrong.push("not one main part");
  if (document.querySelectorAll("h1").length !== 1) wrong.push("not one heading of the page");
  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) wrong.push("a heading too deep: " + shown(heading.textContent));
    level = next;
  }
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  if (new Set(ids).size !== ids.length) wrong.push("an id stands twice");

  const found = {
    width: innerWidth,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    wrong: [...new Set(wrong)],
  };
  parent.postMessage("found " + JSON.stringify(found), "*");
})();
