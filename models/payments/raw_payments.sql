{{ trustgate.raw() }}
