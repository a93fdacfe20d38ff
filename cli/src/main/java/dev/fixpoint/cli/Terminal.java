package dev.fixpoint.cli;

import picocli.CommandLine.Help.Ansi;

/** Whether somebody looks at a stream, which Java cannot ask of each: the launcher tells. */
enum Terminal {
  /** Standard output. */
  OUT("fixpoint.stdout.terminal"),
  /** Standard error. */
  ERROR("fixpoint.stderr.terminal");

  private final String property;

  Terminal(String property) {
    this.property = property;
  }

  /** Whether the stream is a terminal. */
  boolean isThere() {
    return Boolean.getBoolean(property);
  }

  /** Colours for a terminal, unless the user sets NO_COLOR (no-color.org); none elsewhere. */
  Ansi colours() {
    String unwanted = System.getenv("NO_COLOR");
    return isThere() && (unwanted == null || unwanted.isEmpty()) ? Ansi.ON : Ansi.OFF;
  }

  /**
   * Text in a style where colours are shown, else as it is.
   *
   * @param style names of picocli's styles and colours, such as {@code bold,red}
   */
  String styled(String style, String text) {
    Ansi colours = colours();
    return colours.enabled()
        ? Ansi.Style.on(Ansi.Style.parse(style)) + text + Ansi.Style.reset.off()
        : text;
  }
}
