{{ trustgate.base() }}
