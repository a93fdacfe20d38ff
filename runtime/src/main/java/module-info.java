/** Runs graphs: plans them for given shapes and executes them with exact integer kernels. */
module dev.fixpoint.runtime {
  requires transitive dev.fixpoint.compiler;
  requires static jdk.incubator.vector;
  requires static transitive org.jspecify;

  exports dev.fixpoint.runtime;
  exports dev.fixpoint.runtime.kernel;
}
