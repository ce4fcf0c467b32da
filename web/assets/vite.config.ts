// Builds what the pages load into web/static/built: one style sheet, one script, the diagram island, one icon sprite.
// Old desktops are the measure: government machines run Chromium of several years back.
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");

/** One SVG with a symbol for each icon named in icons.txt, whose stroke the style sheet sets; and the mark. */
function iconSprite(): Plugin {
  const outline = join(root, "node_modules/@tabler/icons/icons/outline");
  const symbol = (name: string): string => {
    const drawing = readFileSync(join(outline, `${name}.svg`), "utf8");
    const paths = drawing
      .replace(/^[\s\S]*?<svg[^>]*>/, "")
      .replace("</svg>", "")
      .replace(/<path stroke="none"[^>]*>/, "")
      .replace(/\s+/g, " ")
      .trim();
    return (
      `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" ` +
      `stroke-linecap="round" stroke-linejoin="round">${paths}</symbol>`
    );
  };
  return {
    name: "icon-sprite",
    apply: "build",
    generateBundle() {
      const names = readFileSync(join(here, "icons.txt"), "utf8").split("\n").filter((line) => line && !line.startsWith("#"));
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${names.map(symbol).join("")}</svg>`;
      this.emitFile({ type: "asset", name: "icons.svg", originalFileName: "web/assets/icons.txt", source });
      const mark = readFileSync(join(here, "mark.svg"), "utf8");
      this.emitFile({ type: "asset", name: "mark.svg", originalFileName: "web/assets/mark.svg", source: mark });
    },
  };
}

export default defineConfig({
  root,
  base: "./",
  publicDir: false,
  plugins: [iconSprite()],
  build: {
    outDir: process.env["WENZE_BUILT"] ?? join(root, "web/static/built"),
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "chrome88",
    cssTarget: "chrome88",
    assetsDir: "",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ["page.ts", "styles/site.css", "styles/dark.css", "styles/case.css", "styles/record.css", "styles/outside.css", "styles/print.css"].map((name) => join(here, name)) },
  },
});
