/** Uses Fixpoint by its module descriptors. */
module consumer {
  requires dev.fixpoint.runtime;
}
