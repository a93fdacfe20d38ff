package dev.fixpoint.cli;

import java.util.Iterator;

/** Tells on a terminal how far long work is, and nothing anywhere else. */
final class Progress {
  private static final int WIDTH = 30;

  private Progress() {}

  /** The same items; a bar grows while they are taken. */
  static <T> Iterable<T> over(String what, long count, Iterable<T> items) {
    return Terminal.ERROR.isThere() ? () -> drawn(what, count, items.iterator()) : items;
  }

  private static <T> Iterator<T> drawn(String what, long count, Iterator<T> items) {
    return new Iterator<>() {
      private long taken;

      @Override
      public boolean hasNext() {
        boolean more = items.hasNext();
        if (!more) {
          System.err.print("\r" + " ".repeat(what.length() + WIDTH + 4) + "\r");
        }
        return more;
      }

      @Override
      public T next() {
        int filled = (int) (WIDTH * Math.min(taken, count) / Math.max(1, count));
        String bar = "#".repeat(filled) + " ".repeat(WIDTH - filled);
        System.err.print("\r" + what + " [" + bar + "]");
        taken++;
        return items.next();
      }
    };
  }
}
