package dev.fixpoint.testing.internal;

import java.util.SplittableRandom;

/** How many products a sum of products has; the three classes in which bounds are measured. */
public enum SizeClass {
  /** Fewer than 32. */
  SMALL(1, 31, "K < 32"),
  /** 32 to 511. */
  MEDIUM(32, 511, "K < 512"),
  /** 512 and more. */
  LARGE(512, 640, "K ≥ 512");

  private final int least;
  private final int most;
  private final String text;

  SizeClass(int least, int most, String text) {
    this.least = least;
    this.most = most;
    this.text = text;
  }

  /** The class of a number of products. */
  public static SizeClass of(long products) {
    return products < MEDIUM.least ? SMALL : products < LARGE.least ? MEDIUM : LARGE;
  }

  /** A number of products of this class; small ones are likelier. */
  int draw(SplittableRandom random) {
    int span = most - least + 1;
    return least + Math.min(random.nextInt(span), random.nextInt(span));
  }

  /** As tables write it. */
  public String text() {
    return text;
  }
}
